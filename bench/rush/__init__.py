"""Eight o'clock: a crowd that wants the places of one day, through the API and through pages."""
