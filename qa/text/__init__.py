"""Text without reports: sentences, spans, normal forms, figures, divisions."""
