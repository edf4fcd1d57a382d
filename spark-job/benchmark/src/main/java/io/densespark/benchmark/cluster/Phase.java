package io.densespark.benchmark.cluster;

import java.util.Locale;

/** The parts of a training step, in the order of tables and plots. */
enum Phase {
    FORWARD,
    RECOMPUTE,
    BACKWARD,
    /** The sum of the gradients, with the time that a rank waits in it for slower ones. */
    ALL_REDUCE,
    OPTIMIZER,
    /** Waiting for the batch loader. */
    DATA_WAIT,
    /** The rest of a step. */
    OTHER;

    /** The name in JSON: {@code all_reduce}. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name for people: {@code all-reduce}. */
    String label() {
        return this == ALL_REDUCE ? "all-reduce" : key().replace('_', ' ');
    }
}
