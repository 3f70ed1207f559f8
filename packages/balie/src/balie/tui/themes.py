"""The looks: a calm dark one, a paper-like light one, and one of high contrast for who sees little.

The command palette has Textual's own too. A terminal's letters have one size, so large text is no theme:
kiosk mode gives every word more room and weight instead (``-large`` in its style sheets).
"""

from textual.theme import Theme

DARK = Theme(
    name="balie-dark",
    dark=True,
    primary="#7fa9dc",
    secondary="#8796ad",
    accent="#e3b062",
    success="#82bd8f",
    warning="#e3b062",
    error="#e08377",
    foreground="#d9dfe8",
    background="#12161c",
    surface="#1a2029",
    panel="#222a35",
    variables={
        "border": "#7fa9dc",
        "border-blurred": "#333d4b",
        "block-cursor-background": "#2d4a6d",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#242d3a",
        "block-cursor-blurred-foreground": "#d9dfe8",
        "footer-background": "#12161c",
        "footer-key-foreground": "#7fa9dc",
        "footer-description-foreground": "#8f9bad",
        "button-color-foreground": "#12161c",
        "button-focus-text-style": "bold",
        "input-selection-background": "#7fa9dc 35%",
    },
)

LIGHT = Theme(
    name="balie-light",
    dark=False,
    primary="#2a5d92",
    secondary="#5c6b80",
    accent="#9a5b13",
    success="#2c7444",
    warning="#8d5f0a",
    error="#ad3a32",
    foreground="#20262e",
    background="#f8f6f1",
    surface="#ffffff",
    panel="#ebe7de",
    variables={
        "border": "#2a5d92",
        "border-blurred": "#cfc9bc",
        "block-cursor-background": "#d3e1f1",
        "block-cursor-foreground": "#10253c",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e8e4da",
        "block-cursor-blurred-foreground": "#20262e",
        "footer-background": "#f8f6f1",
        "footer-key-foreground": "#2a5d92",
        "footer-description-foreground": "#5c6b80",
        "button-color-foreground": "#ffffff",
        "button-focus-text-style": "bold",
        "input-selection-background": "#2a5d92 25%",
    },
)

CONTRAST = Theme(
    name="balie-contrast",
    dark=True,
    primary="#ffff00",
    secondary="#ffffff",
    accent="#ffff00",
    success="#00ff00",
    warning="#ffff00",
    error="#ff9999",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    variables={
        "border": "#ffff00",
        "border-blurred": "#ffffff",
        "text-muted": "#ffffff",
        "text-disabled": "#cccccc",
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#333333",
        "block-cursor-blurred-foreground": "#ffffff",
        "footer-background": "#000000",
        "footer-key-foreground": "#ffff00",
        "footer-description-foreground": "#ffffff",
        "button-color-foreground": "#000000",
        "button-focus-text-style": "bold underline",
        "input-selection-background": "#ffff00 50%",
    },
)
