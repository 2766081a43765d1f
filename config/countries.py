"""Where text messages go unless the environment says otherwise."""

# Most foreigners in China come from these, and most Chinese abroad live there. Whoever pumps text
# messages for the carriers' fees prefers others. Everybody else signs in by e-mail.
FAR_COUNTRIES = [
    *("AU", "BE", "BR", "CA", "CH", "DE", "DK", "ES", "FR", "GB", "IE", "IN", "IT", "JP", "KR"),
    *("MY", "NL", "NO", "NZ", "PT", "SE", "SG", "TH", "US", "ZA"),
]
