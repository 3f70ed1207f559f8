"""A shop's service desk on Balie: a service agent, a technical agent, and the people behind them."""
