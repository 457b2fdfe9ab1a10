//! Icons: strokes on a grid of 24, drawn in the colour of the text. Always beside words, so hidden from readers.

use leptos::prelude::*;

/// An icon by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum I {
    Home,
    Calculator,
    Palette,
    Sun,
    Moon,
    System,
    Globe,
    Keyboard,
    Person,
    SignOut,
    Search,
    Close,
    Check,
    Plus,
    Alert,
    Info,
    Done,
    Calendar,
    Left,
    Right,
    Up,
    Down,
    Columns,
    Download,
    Table,
    Chart,
    Cards,
    Filter,
    Eye,
    EyeOff,
    Offline,
    Copy,
    Retry,
    Flag,
    Inbox,
    File,
    Rows,
}

impl I {
    fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
            Self::Calculator => {
                "M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM8 7h8M8 12h.01M12 12h.01M16 12h.01M8 16h.01M12 16h.01M16 16h.01"
            }
            Self::Palette => {
                "M12 3a9 9 0 1 0 0 18c1.500 0 2-1 2-2 0-1.200-1-1.500-1-2.500 0-.8.700-1.500 1.500-1.500H17a4 4 0 0 0 4-4c0-4.500-4-8-9-8zM7.500 12h.01M9.500 8h.01M14.500 8h.01"
            }
            Self::Sun => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M4.900 4.900l1.400 1.400M17.700 17.700l1.400 1.400M2 12h2M20 12h2M4.900 19.100l1.400-1.400M17.700 6.300l1.400-1.400"
            }
            Self::Moon => "M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z",
            Self::System => "M4 5h16v11H4zM9 20h6M12 16v4",
            Self::Globe => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
            Self::Keyboard => "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M17 14h.01M7 14h7",
            Self::Person => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.600-6 8-6s8 2 8 6",
            Self::SignOut => "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.500 4.500",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Check => "M5 12.500l4.500 4.500L19 7",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Alert => "M12 4l9 16H3zM12 10v4M12 17h.01",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01",
            Self::Done => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.200l2.800 2.800L16 9.500",
            Self::Calendar => "M5 5h14v15H5zM5 10h14M9 3v4M15 3v4",
            Self::Left => "M14.500 5.500L8 12l6.500 6.500",
            Self::Right => "M9.500 5.500L16 12l-6.500 6.500",
            Self::Up => "M5.500 14.500L12 8l6.500 6.500",
            Self::Down => "M5.500 9.500L12 16l6.500-6.500",
            Self::Columns => "M4 5h16v14H4zM9.500 5v14M14.500 5v14",
            Self::Download => "M12 4v11M7.500 11l4.500 4.500L16.500 11M5 20h14",
            Self::Table => "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
            Self::Chart => "M4 4v16h16M8 15l4-5 3 3 5-6",
            Self::Cards => "M4 5h16v5H4zM4 14h16v5H4z",
            Self::Filter => "M4 5h16l-6 7.500V19l-4-2v-4.500z",
            Self::Eye => {
                "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"
            }
            Self::EyeOff => {
                "M4 4l16 16M9.500 5.900A9.500 9.500 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-3 3.700M6 7.500A16 16 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4-1"
            }
            Self::Offline => {
                "M4 4l16 16M8.500 15.500a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4-2.500M19 12a10 10 0 0 0-5-2.800M12 19h.01"
            }
            Self::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
            Self::Retry => "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
            Self::Flag => "M6 21V4M6 5c4-2.500 7 2.500 12 0v9c-5 2.500-8-2.500-12 0",
            Self::Inbox => "M4 13l2.500-8h11L20 13v6H4zM4 13h4.500l1.500 2.500h4l1.500-2.500H20",
            Self::File => "M6 3h8l5 5v13H6zM14 3v5h5",
            Self::Rows => "M4 6h16M4 10h16M4 14h16M4 18h16",
        }
    }
}

/// An icon of the size of its text.
#[component]
pub(crate) fn Icon(icon: I) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
