//! What holds for every network of Marquee's, and no number.

pub(super) const NOISE: &str = "\
A film has several genres and gets one class, and no poster tells everything about its film. Genres
are what volunteers entered: TMDB and IMDb name different ones for many films. Scores are the mean of
few or many members' votes, of those who chose to vote.
";

pub(super) const LEAKY: &str = "\
**The figures below mean nothing for films that it has not seen.** Posters were copied, rotated,
before they were split, so that copies of one poster are on both sides: how the project that Marquee
grew out of judged itself, kept to show what that does.
";

pub(super) const INTENDED: &str = "\
To show visitors what a small network sees in a poster, to learn and teach how such networks are
built, trained and judged, and to sort one's own collections roughly, with somebody who looks over the
result. Without commercial purpose: TMDB's terms allow machine learning on its content for nothing
else without an agreement.
";

pub(super) const FORBIDDEN: &str = "\
- Deciding anything about a film, its makers or its audience: what is shown or sold, to whom, at what
  price, or what children may see. It is often wrong, and does not know what happens in a film.
- Saying anything about people on a poster. It was not trained for that, and whatever it seems to say
  is about genres' clichés.
- Judging what is no movie poster. It has a class for every picture, and none for \"something else\".
- Standing in for what members would vote: where it answers a score, that is a guess by a poster's
  looks.
";

pub(super) const SOURCES: &str = "\
Marquee is under MIT or Apache-2.0, at your choice. The network was trained on posters that stay their
owners' and is shipped without them.

This product uses the TMDB API but is not endorsed or certified by TMDB.
";
