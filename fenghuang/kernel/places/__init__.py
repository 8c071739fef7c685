"""Where things happen: street, community, grid, compound, building, entrance, dwelling.

Every place, name, code, boundary and position in the tree has a span of days in which it is valid,
so that a record always counts where it happened, whatever was renamed, split or merged since.
"""
