package io.densespark.spark.predict;

import io.densespark.spark.JobException;
import java.util.Arrays;
import java.util.Locale;

/** What becomes of a row whose image is null or can't be decoded. */
public enum OnBadImage {
    /** The job fails, naming the image. */
    FAIL,

    /** The row gets nulls in the columns of the prediction. */
    NULL,

    /** The row is left out. */
    DROP;

    /**
     * The one of that name, in any case.
     *
     * @param setting that has the name
     * @throws JobException if there is none
     */
    public static OnBadImage of(String setting, String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new JobException(
                        "setting " + setting + " is '" + name + "': give one of " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
