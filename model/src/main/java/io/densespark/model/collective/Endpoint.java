package io.densespark.model.collective;

import java.time.Duration;

/**
 * Where a rank listens for its peers, and how long it waits for them.
 *
 * @param address one of this machine's, as text: by it the peers reach this rank
 * @param ports on which it may listen
 * @param connectTimeout for the start, when all ranks are known to be there
 * @param timeout for a silent peer later
 */
public record Endpoint(String address, PortRange ports, Duration connectTimeout, Duration timeout) {
    /** An address with a port as people write them, {@code 10.0.0.1:4711} or {@code [fd00::1]:4711}. */
    public static String text(String address, int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
