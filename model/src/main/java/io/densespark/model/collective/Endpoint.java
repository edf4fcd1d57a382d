package io.densespark.model.collective;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;

/**
 * Where a rank listens for its peers, and how long it waits for them.
 *
 * @param address one of this machine's, as text: by it the peers reach this rank
 * @param ports on which it may listen
 * @param connectTimeout for the start, when all ranks are known to be there
 * @param timeout for a peer that is slow, in a sum
 * @param peerTimeout for a peer from which nothing at all comes, not even that it lives
 */
public record Endpoint(
        String address, PortRange ports, Duration connectTimeout, Duration timeout, Duration peerTimeout) {
    /** Where a silent peer is given as much time as a slow one. */
    public Endpoint(String address, PortRange ports, Duration connectTimeout, Duration timeout) {
        this(address, ports, connectTimeout, timeout, timeout);
    }

    /**
     * Listens at the first port of the range that is free. The caller closes the result.
     *
     * @throws IOException if this machine has no such address, or no port of the range is free
     */
    public ServerSocketChannel listen() throws IOException {
        InetAddress own = InetAddress.getByName(address);
        ServerSocketChannel channel = ServerSocketChannel.open(
                own.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        for (int port = ports.first(); port <= ports.last(); port++) {
            try {
                return channel.bind(new InetSocketAddress(own, port));
            } catch (BindException e) {
                if (port == ports.last()) {
                    channel.close();
                    throw new BindException("can't listen on " + own.getHostAddress() + " at " + ports + " ("
                            + e.getMessage()
                            + "): it must be an address of this machine, with a free port in the range");
                }
            }
        }
        throw new IllegalStateException("a range has at least one port");
    }

    /** An address with a port as people write them, {@code 10.0.0.1:4711} or {@code [fd00::1]:4711}. */
    public static String text(String address, int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
