//! What is true: the workflow and the incentive calculation, without IO, clock, randomness or floating point.
