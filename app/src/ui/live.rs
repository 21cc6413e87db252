//! What changes in a view.

/// A value of a view that is computed again when a signal changes.
pub type Live<T> = Box<dyn FnMut() -> T + Send>;

/// Makes closures of different types one: Leptos's code to show a closure is then in the bundle
/// once for each type of value, and not once for each closure.
pub fn live<T>(value: impl FnMut() -> T + Send + 'static) -> Live<T> {
    Box::new(value)
}
