package io.densespark.spark.harness;

import java.util.List;

/**
 * Where processes of a test run.
 *
 * @param address on which they listen
 * @param prefix of their command lines
 */
public record ClusterHost(String address, List<String> prefix) {
    /** This machine. */
    public static final ClusterHost LOCAL = new ClusterHost("127.0.0.1", List.of());

    public ClusterHost {
        prefix = List.copyOf(prefix);
    }
}
