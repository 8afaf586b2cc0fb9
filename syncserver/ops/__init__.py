"""Operations: logs, metrics, the operator's commands, and periodic clean-up."""
