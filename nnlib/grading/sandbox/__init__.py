"""The sandbox: the walls, the watch over them, what is withheld behind them, and what runs `inside`."""
