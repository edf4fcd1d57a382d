package io.densespark.data.prepare;

import io.densespark.data.records.ImageRecord;
import java.io.Serializable;
import java.util.Optional;

/** What is wrong with a record, as far as that shows before its image is looked at. */
final class RecordJudge implements Serializable {
    private final ClassNames classes;
    private final SplitRule splits;

    RecordJudge(ClassNames classes, SplitRule splits) {
        this.classes = classes;
        this.splits = splits;
    }

    Optional<String> problem(ImageRecord record) {
        return record.problem().or(() -> splits.problem(record)).or(() -> classes.unknownOf(record)
                .map(name -> "its label '" + name + "' is that of no training image"));
    }

    boolean isGood(ImageRecord record) {
        return problem(record).isEmpty();
    }
}
