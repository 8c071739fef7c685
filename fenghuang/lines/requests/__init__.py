"""Requests (民情): residents' meetings, the problems raised there, and what became of each.

For community secretaries and grid workers who hold 屋场贴心会, the governance centre that sees that
each problem has its one disposition, the units that put things right, and the second person who
strikes off.
Law: 居委会组织法 6, 7, 20; 北京接诉即办条例 11, 14, 17; 统计法 24; 个人信息保护法 19, 47.
"""
