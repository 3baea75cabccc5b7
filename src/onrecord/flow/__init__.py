"""The whole flow: read the folder, make what is missing, edit, render, publish."""
