"""The slow loop, measured: does it learn, does it survive, does serving notice?"""
