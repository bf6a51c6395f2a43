"""What weighs a case: what is to be decided, whether a hearing or a review is due, what of the decision still stands."""
