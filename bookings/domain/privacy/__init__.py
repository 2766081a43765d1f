"""What is kept about people, how they take it along, and how it is forgotten (PIPL 45-47)."""
