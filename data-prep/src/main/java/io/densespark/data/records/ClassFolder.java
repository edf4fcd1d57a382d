package io.densespark.data.records;

import java.io.Serializable;

/** The folder of a class. No record: Spark's data may be written by a serializer that knows none. */
final class ClassFolder implements Serializable {
    private final String path;
    private final String name;
    private final String split;

    /** @param split that the folder is of; empty if it is of none */
    ClassFolder(String path, String name, String split) {
        this.path = path;
        this.name = name;
        this.split = split;
    }

    String path() {
        return path;
    }

    String name() {
        return name;
    }

    String split() {
        return split;
    }
}
