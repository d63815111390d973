"""Workers of the learning loop, killed at any moment: is anything lost, or done twice?"""
