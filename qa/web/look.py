"""Theme, style sheet and mount options of the page, with all that is switched off of Gradio."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from fastapi.exceptions import RequestValidationError
from python_multipart.exceptions import FormParserError
from starlette.middleware import Middleware

from qa.reading.limits import DOCUMENT_BYTES
from qa.web.border import unfit
from qa.web.middleware import FirstScript
from qa.web.words import translations

_HERE = Path(__file__).parent
_FONTS = (  # of the system: nothing is fetched
    "PingFang SC",
    "HarmonyOS Sans SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "system-ui",
    "sans-serif",
)
# Arguments of ``gr.themes.Color``: eleven shades and the name
_CINNABAR = "#fdf4f2 #fbe6e2 #f5cdc6 #eba99f #db7d70 #c65747 #b0402f #933325 #7a2d22 #662a21 #371209 cinnabar"
_STONE = "#faf9f7 #f4f2ee #e7e4de #d5d1c9 #a6a198 #78736a #575349 #433f38 #2a2722 #1c1a17 #121110 stone"


def page_options(caught: Middleware) -> dict[str, Any]:
    """Return arguments of ``gr.mount_gradio_app``; ``caught`` wraps everything that Gradio runs."""
    script = "".join((_HERE / name).read_text(encoding="utf-8") for name in ("page.js", "conversations.js"))
    return {
        "theme": _theme(),
        "i18n": gr.I18n(**translations()),
        "css_paths": _HERE / "style.css",
        "app_kwargs": {
            "openapi_url": None,
            "middleware": [caught, Middleware(FirstScript, script=script)],
            "exception_handlers": {RequestValidationError: unfit, FormParserError: unfit},
        },
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "max_file_size": DOCUMENT_BYTES,
    }


def _theme() -> gr.themes.Base:
    accent = gr.themes.Color(*_CINNABAR.split())
    paper = gr.themes.Color(*_STONE.split())
    theme = gr.themes.Base(
        primary_hue=accent,
        secondary_hue=accent,
        neutral_hue=paper,
        radius_size=gr.themes.sizes.radius_lg,
        font=_FONTS,
        font_mono=("ui-monospace", "Consolas", "monospace"),
    )
    return theme.set(
        body_text_color="*neutral_800",
        body_text_color_subdued="#6b665d",
        body_text_color_subdued_dark="#aaa49a",
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_color="*neutral_200",
        input_border_color_focus="*primary_400",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_dark="transparent",
        button_secondary_background_fill_hover_dark="*neutral_800",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_text_color="white",
    )
