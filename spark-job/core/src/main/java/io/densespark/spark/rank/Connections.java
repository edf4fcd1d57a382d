package io.densespark.spark.rank;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PortRange;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the ranks of a stage connect to each other.
 *
 * @param timeout how long to wait for silent peers in each collective; at most this, too, at the start
 * @param ports on which ranks listen: one of each rank, and one of rank 0's rendezvous
 * @param arePlainGradientsAllowed whether ranks may connect where Spark's own connections are authenticated or encrypted:
 *     theirs are neither
 */
public record Connections(Duration timeout, PortRange ports, boolean arePlainGradientsAllowed) implements Serializable {
    /** All ranks have said through Spark that they are there: who can't be reached by then isn't slow. */
    private static final Duration CONNECT = Duration.ofSeconds(60);

    /** On any free port, and nothing unprotected where Spark protects its own. */
    public static Connections within(Duration timeout) {
        return new Connections(timeout, PortRange.ANY, false);
    }

    Duration connectTimeout() {
        return timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT;
    }

    /** @param address of this rank */
    Endpoint at(String address) {
        return new Endpoint(address, ports, connectTimeout(), timeout);
    }
}
