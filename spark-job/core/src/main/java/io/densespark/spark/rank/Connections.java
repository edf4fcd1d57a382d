package io.densespark.spark.rank;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PortRange;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the ranks of a stage connect to each other.
 *
 * @param timeout how long to wait for slow peers in each collective; at most this, too, at the start
 * @param peerTimeout how long a peer may be silent
 * @param ports on which ranks listen: one of each rank, one of rank 0's rendezvous, and one on which rank 0 hears whether they
 *     live
 * @param arePlainGradientsAllowed whether ranks may connect where Spark's own connections are authenticated or encrypted:
 *     theirs are neither
 */
public record Connections(Duration timeout, Duration peerTimeout, PortRange ports, boolean arePlainGradientsAllowed)
        implements Serializable {
    /** All ranks have said through Spark that they are there: who can't be reached by then isn't slow. */
    private static final Duration CONNECT = Duration.ofSeconds(60);

    /** With peers that may be silent for a minute, on any free port, and nothing unprotected where Spark protects its own. */
    public static Connections within(Duration timeout) {
        return new Connections(timeout, CONNECT, PortRange.ANY, false);
    }

    Duration connectTimeout() {
        return timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT;
    }

    /** @param address of this rank */
    Endpoint at(String address) {
        return new Endpoint(address, ports, connectTimeout(), timeout, peerTimeout);
    }
}
