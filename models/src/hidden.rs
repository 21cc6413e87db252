//! Files and folders that nobody brings on purpose.

/// Whether a system made this file or folder, or whoever did wants it hidden: `.DS_Store`, `@eaDir`, `__MACOSX`.
pub fn is_hidden(name: &str) -> bool {
    const SYSTEMS: [&str; 13] = [
        "#recycle",
        "#snapshot",
        "@recycle",
        "@recently-snapshot",
        "@eadir",
        "@tmp",
        "__macosx",
        "$recycle.bin",
        "lost+found",
        "network trash folder",
        "system volume information",
        "thumbs.db",
        "desktop.ini",
    ];
    name.starts_with('.') || SYSTEMS.contains(&name.to_lowercase().as_str())
}
