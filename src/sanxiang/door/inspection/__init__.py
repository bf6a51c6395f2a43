"""双随机: plans, the draw with its commitment, and the results that are made public."""
