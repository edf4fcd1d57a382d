package io.densespark.spark.evaluate;

import java.util.Map;
import java.util.TreeMap;

/** How many images of each class were taken for which. It holds what isn't 0, at most as many entries as there are images. */
final class ConfusionMatrix {
    private final int classes;
    private final long[] ofClass;
    private final long[] predicted;
    private final Map<Cell, Long> cells = new TreeMap<>();

    ConfusionMatrix(int classes) {
        this.classes = classes;
        ofClass = new long[classes];
        predicted = new long[classes];
    }

    /** A place in the matrix, row by row. */
    record Cell(int label, int predicted) implements Comparable<Cell> {
        @Override
        public int compareTo(Cell other) {
            return label == other.label
                    ? Integer.compare(predicted, other.predicted)
                    : Integer.compare(label, other.label);
        }
    }

    void add(int label, int prediction) {
        ofClass[label]++;
        predicted[prediction]++;
        cells.merge(new Cell(label, prediction), 1L, Long::sum);
    }

    int classes() {
        return classes;
    }

    /** What isn't 0, row by row. */
    Map<Cell, Long> cells() {
        return cells;
    }

    long count(int label, int prediction) {
        return cells.getOrDefault(new Cell(label, prediction), 0L);
    }

    /** Images of a class. */
    long ofClass(int label) {
        return ofClass[label];
    }

    /** Images that were taken for one of the class. */
    long predicted(int label) {
        return predicted[label];
    }
}
