package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.LabelKind;
import io.densespark.data.records.RecordSource;
import java.util.Set;

/**
 * Where the splits come from. A source without splits is split here. In one with splits, test images are drawn of the training
 * images if it has none: unless that is asked for, validation images, as ImageNet has them, are taken for it. Validation images
 * are drawn only if it is asked for.
 *
 * @param hasSplits whether the source has splits
 * @param validationIsTest whether the source's validation images are the test split
 * @param testShare to draw, 0 for none
 * @param validationShare to draw, 0 for none
 */
record SplitChoice(boolean hasSplits, boolean validationIsTest, double testShare, double validationShare) {
    /**
     * @param splits that the records name; an empty name for those that name none
     * @throws DataException if there are no training images, or a share is to be drawn that is there
     */
    static SplitChoice of(RecordSource source, Set<String> splits, RecordSettings settings) {
        boolean hasSplits = splits.stream().anyMatch(split -> !split.isEmpty());
        if (hasSplits && !splits.contains(DatasetDescription.TRAIN)) {
            throw new DataException(source.location() + " has the splits " + splits
                    + ", and none of them is train: check the names of splits");
        }
        boolean hasTest = splits.contains(DatasetDescription.TEST);
        boolean hasValidation = splits.contains(DatasetDescription.VALIDATION);
        if (hasTest && settings.testShare().isPresent()) {
            throw new DataException(source.location() + " has a test split of its own: leave out the test share");
        }
        boolean validationIsTest =
                hasValidation && !hasTest && settings.testShare().isEmpty();
        if (hasValidation && !validationIsTest && settings.validationShare().isPresent()) {
            throw new DataException(
                    source.location() + " has a validation split of its own: leave out the validation share");
        }
        double test = hasTest || validationIsTest ? 0 : settings.testShare().orElse(RecordSettings.DEFAULT_TEST_SHARE);
        return new SplitChoice(
                hasSplits, validationIsTest, test, settings.validationShare().orElse(0));
    }

    boolean draws() {
        return testShare > 0 || validationShare > 0;
    }

    SplitRule given(long seed, LabelKind labels) {
        return SplitRule.of(seed, labels, validationIsTest, hasSplits);
    }

    /** @throws DataException if a split that is to be has no image */
    void requireImages(ShardPlan plan, String location) {
        for (Split split : Split.values()) {
            boolean isDrawn = split == Split.VALIDATION && validationShare > 0;
            if (plan.count(split) == 0 && (split != Split.VALIDATION || isDrawn)) {
                throw new DataException(location + " gives no image for the split " + split.key()
                        + ": give more images a class, or a larger share to draw");
            }
        }
    }
}
