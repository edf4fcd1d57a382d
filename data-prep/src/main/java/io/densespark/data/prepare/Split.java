package io.densespark.data.prepare;

import io.densespark.data.DatasetDescription;
import java.util.Arrays;
import java.util.Optional;

/** The splits of a data set. */
enum Split {
    TRAIN(0, DatasetDescription.TRAIN),
    VALIDATION(1, DatasetDescription.VALIDATION),
    TEST(2, DatasetDescription.TEST);

    private final int number;
    private final String key;

    Split(int number, String key) {
        this.number = number;
        this.key = key;
    }

    /** Its place among all splits, from 0. */
    int number() {
        return number;
    }

    /** Its name in files. */
    String key() {
        return key;
    }

    static Split numbered(int number) {
        return Arrays.stream(values())
                .filter(split -> split.number == number)
                .findFirst()
                .orElseThrow();
    }

    static Optional<Split> of(String key) {
        return Arrays.stream(values()).filter(split -> split.key.equals(key)).findFirst();
    }
}
