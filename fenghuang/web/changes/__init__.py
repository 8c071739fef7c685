"""Changes of places: who may, what is asked, what is shown."""
