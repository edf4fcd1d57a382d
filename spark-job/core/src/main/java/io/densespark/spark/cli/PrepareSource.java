package io.densespark.spark.cli;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code prepare} can read, as users write it. */
enum PrepareSource {
    bigdl(Kind.PIXELS),
    cifar10(Kind.PIXELS),
    cifar100(Kind.PIXELS),
    csv(Kind.TABLE),
    folder(Kind.FILES),
    idx(Kind.PIXELS),
    jsonl(Kind.TABLE),
    mnist(Kind.PIXELS),
    parquet(Kind.TABLE),
    stl10(Kind.PIXELS),
    svhn(Kind.PIXELS),
    table(Kind.TABLE),
    tar(Kind.FILES);

    /** What a source is made of. */
    private enum Kind {
        PIXELS,
        FILES,
        TABLE
    }

    private final Kind kind;

    PrepareSource(Kind kind) {
        this.kind = kind;
    }

    /** Whether it has encoded images, which Spark's tasks prepare. */
    boolean hasRecords() {
        return kind != Kind.PIXELS;
    }

    static Set<PrepareSource> ofRecords() {
        return of(Kind.FILES, Kind.TABLE);
    }

    static Set<PrepareSource> ofTables() {
        return of(Kind.TABLE);
    }

    private static Set<PrepareSource> of(Kind... kinds) {
        Set<Kind> wanted = Set.of(kinds);
        return Arrays.stream(values())
                .filter(source -> wanted.contains(source.kind))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(PrepareSource.class)));
    }
}
