//! What the occlusion map says.

pub(crate) struct OcclusionText {
    /// The switch.
    pub(crate) what_mattered: &'static str,
    /// The slider.
    pub(crate) strength: &'static str,
    /// While the map is computed.
    pub(crate) one_moment: &'static str,
    /// Where it could not be computed.
    pub(crate) failed: &'static str,
    /// What the map shows: the class, and by how many points it becomes less likely when the place
    /// that matters most is covered.
    pub(crate) result: fn(class: &str, points: u32) -> String,
}
