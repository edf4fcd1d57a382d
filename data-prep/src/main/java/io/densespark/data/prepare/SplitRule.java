package io.densespark.data.prepare;

import io.densespark.data.LabelKind;
import io.densespark.data.records.ImageRecord;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which split a record is of: the source's, or one that is drawn.
 *
 * <p>Drawn is by units: an image, or a group of them. The units of a stratum stand in the order of their hashes ({@link
 * KeyHash#SPLIT}); the first are of the test split, the next of the validation split. A stratum is a class; where images have
 * several, or are drawn in groups, all are one stratum.
 */
final class SplitRule implements Serializable {
    private static final String NO_STRATUM = "";

    private final long seed;
    private final LabelKind labels;
    private final boolean validationIsTest;
    private final boolean hasSplits;
    private final HashMap<String, Bounds> bounds;

    /** The last units, in the order of a stratum, of test and of validation. */
    record Bounds(Unit lastOfTest, Unit lastOfValidation) implements Serializable {}

    /** What stays together. The one before all others has a hash of -1. */
    record Unit(long hash, String name) implements Comparable<Unit>, Serializable {
        static final Unit BEFORE_ALL = new Unit(-1, "");

        @Override
        public int compareTo(Unit other) {
            int order = Long.compare(hash, other.hash);
            return order != 0 ? order : name.compareTo(other.name);
        }
    }

    private SplitRule(
            long seed, LabelKind labels, boolean validationIsTest, boolean hasSplits, Map<String, Bounds> bounds) {
        this.seed = seed;
        this.labels = labels;
        this.validationIsTest = validationIsTest;
        this.hasSplits = hasSplits;
        this.bounds = new HashMap<>(bounds);
    }

    /** Nothing is drawn yet. */
    static SplitRule of(long seed, LabelKind labels, boolean validationIsTest, boolean hasSplits) {
        return new SplitRule(seed, labels, validationIsTest, hasSplits, Map.of());
    }

    /** The same with bounds for each stratum. */
    SplitRule drawing(Map<String, Bounds> newBounds) {
        return new SplitRule(seed, labels, validationIsTest, hasSplits, newBounds);
    }

    /** What is wrong with what the record says of its split. */
    Optional<String> problem(ImageRecord record) {
        return hasSplits && record.split().isEmpty() ? Optional.of("its split is missing") : Optional.empty();
    }

    Split split(ImageRecord record) {
        Split given = given(record);
        Bounds drawn = given == Split.TRAIN ? bounds.get(stratum(record)) : null;
        if (drawn == null) {
            return given;
        }
        Unit unit = unit(record);
        if (unit.compareTo(drawn.lastOfTest()) <= 0) {
            return Split.TEST;
        }
        return unit.compareTo(drawn.lastOfValidation()) <= 0 ? Split.VALIDATION : Split.TRAIN;
    }

    /** Before anything is drawn. */
    Split given(ImageRecord record) {
        Split split = record.split().flatMap(Split::of).orElse(Split.TRAIN);
        return split == Split.VALIDATION && validationIsTest ? Split.TEST : split;
    }

    Unit unit(ImageRecord record) {
        String name = record.group().orElse(record.key());
        return new Unit(KeyHash.SPLIT.of(seed, name), name);
    }

    String stratum(ImageRecord record) {
        return labels == LabelKind.CLASS && record.group().isEmpty()
                ? record.present().get(0)
                : NO_STRATUM;
    }
}
