"""What an interview is: frozen values, standard library only."""
