"""The house-rules benchmark: does an agent behind the gateway keep rules that no request names?"""
