"""Says what a complaint is about, how urgent it is and which way it goes."""
