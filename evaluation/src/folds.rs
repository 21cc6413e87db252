//! Which rows are held out together.

/// Puts rows into `folds` folds, and returns each row's fold.
///
/// Rows of one group, such as nearly alike posters, are in one fold. Every class is spread over the
/// folds as evenly as the groups allow. `truths` and `groups` have an entry for each row.
pub(crate) fn assign(truths: &[usize], groups: &[usize], folds: usize) -> Vec<usize> {
    let classes = truths.iter().max().map_or(0, |class| class + 1);
    // how many rows of each class a fold has, and in all
    let mut filled = vec![vec![0_usize; classes + 1]; folds];
    let mut fold_of_group = vec![None; groups.iter().max().map_or(0, |group| group + 1)];
    let pairs = truths.iter().zip(groups);
    pairs
        .map(|(&truth, &group)| {
            let emptiest = || {
                let by_class = |fold: &usize| (filled[*fold][truth], filled[*fold][classes]);
                (0..folds).min_by_key(by_class).unwrap_or(0)
            };
            let fold = fold_of_group[group].unwrap_or_else(emptiest);
            fold_of_group[group] = Some(fold);
            filled[fold][truth] += 1;
            filled[fold][classes] += 1;
            fold
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_rows_stay_together_and_classes_are_spread() {
        let truths: Vec<usize> = (0..40).map(|row| row % 2).collect();
        // the rows 0, 2 and 4 are alike
        let groups: Vec<usize> = (0..40)
            .map(|row| if row == 2 || row == 4 { 0 } else { row })
            .collect();
        let folds = assign(&truths, &groups, 5);
        assert_eq!([folds[2], folds[4]], [folds[0]; 2]);
        for fold in 0..5 {
            for class in 0..2 {
                let here = folds.iter().zip(&truths);
                let rows = here.filter(|it| *it == (&fold, &class)).count();
                assert_eq!(rows, 4, "of class {class} in fold {fold}");
            }
        }
    }

    #[test]
    fn with_as_many_folds_as_groups_each_has_its_own() {
        let folds = assign(&[0, 0, 1, 1, 1], &[0, 1, 2, 2, 3], 4);
        assert_eq!(folds, [0, 1, 2, 2, 3]);
    }
}
