package io.densespark.model.collective;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the other ranks connect to rank 0, one TCP connection each: rank 0 listens and hands out an invitation, with which
 * the others find it and prove that they belong to the job.
 */
final class PeerConnections implements AutoCloseable {
    /** An invitation: secret, port, and an address with its length. */
    static final int INVITATION_BYTES =
            PeerConnections.SECRET_BYTES + Character.BYTES + 1 + PeerConnections.ADDRESS_BYTES;

    private static final int SECRET_BYTES = 16;
    private static final int ADDRESS_BYTES = 16;

    /** Who connects first shows the secret and tells its rank. */
    private static final int GREETING_BYTES = SECRET_BYTES + Integer.BYTES;

    /** How long somebody who has connected may be silent: peers greet at once. */
    private static final int GREETING_MILLIS = 1000;

    private static final long CANCELLATION_MILLIS = 100;

    private final ServerSocketChannel listener;
    private final byte[] secret = new byte[SECRET_BYTES];

    private PeerConnections(ServerSocketChannel listener) {
        this.listener = listener;
        new SecureRandom().nextBytes(secret);
    }

    /** @throws IOException if the endpoint's address or ports can't be had */
    static PeerConnections listen(Endpoint endpoint) throws IOException {
        return new PeerConnections(endpoint.listen());
    }

    /** What the other ranks need for {@link #connect}; {@link #INVITATION_BYTES} of them. */
    byte[] invitation() throws IOException {
        InetSocketAddress own = (InetSocketAddress) listener.getLocalAddress();
        byte[] address = own.getAddress().getAddress();
        return ByteBuffer.allocate(INVITATION_BYTES)
                .put(secret)
                .putChar((char) own.getPort())
                .put((byte) address.length)
                .put(address)
                .array();
    }

    /**
     * Waits until all ranks but rank 0 have connected.
     *
     * @return their connections by rank; the caller closes them
     * @throws PeerLostException if one doesn't come in time, or this task was asked to stop
     */
    Map<Integer, SocketChannel> accept(int worldSize, Duration limit, BooleanSupplier cancelled) throws IOException {
        Map<Integer, SocketChannel> connections = new TreeMap<>();
        long start = System.nanoTime();
        try {
            listener.socket().setSoTimeout((int) CANCELLATION_MILLIS);
            while (connections.size() < worldSize - 1) {
                if (cancelled.getAsBoolean()) {
                    throw new PeerLostException("a rank was lost: this task was asked to stop", null);
                }
                if (System.nanoTime() - start > limit.toNanos()) {
                    throw notConnected(connections, worldSize, limit);
                }
                try {
                    greet(listener.socket().accept(), worldSize, connections);
                } catch (SocketTimeoutException e) {
                    // Nobody yet.
                }
            }
            return connections;
        } catch (IOException | RuntimeException e) {
            closeAll(connections);
            throw e;
        }
    }

    private void greet(Socket socket, int worldSize, Map<Integer, SocketChannel> connections) throws IOException {
        ByteBuffer greeting;
        try {
            socket.setSoTimeout(GREETING_MILLIS);
            InputStream input = socket.getInputStream();
            greeting = ByteBuffer.wrap(input.readNBytes(GREETING_BYTES));
        } catch (IOException e) {
            // Nobody of this job, or a rank that is lost: then it is missing in the end.
            socket.close();
            return;
        }
        byte[] shown = new byte[SECRET_BYTES];
        int rank = -1;
        if (greeting.remaining() == GREETING_BYTES) {
            rank = greeting.get(shown).getInt();
        }
        boolean isPeer = Arrays.equals(shown, secret) && rank > 0 && rank < worldSize && !connections.containsKey(rank);
        if (isPeer) {
            connections.put(rank, socket.getChannel());
        } else {
            socket.close();
        }
    }

    private static PeerLostException notConnected(
            Map<Integer, SocketChannel> connections, int worldSize, Duration limit) {
        String missing = IntStream.range(1, worldSize)
                .filter(rank -> !connections.containsKey(rank))
                .mapToObj(rank -> "rank " + rank)
                .collect(Collectors.joining(", "));
        return new PeerLostException(
                "a rank was lost: no connection to rank 0 within " + limit.toSeconds() + " s from " + missing
                        + ": see whether their processes are alive, and whether a firewall lets them connect",
                null);
    }

    private static void closeAll(Map<Integer, SocketChannel> connections) throws IOException {
        for (SocketChannel connection : connections.values()) {
            connection.close();
        }
    }

    /**
     * Connects to rank 0.
     *
     * @return the connection; the caller closes it
     * @throws PeerLostException if nobody answers in time
     */
    static SocketChannel connect(byte[] invitation, int rank, Duration limit) throws IOException {
        ByteBuffer parts = ByteBuffer.wrap(invitation);
        byte[] secret = new byte[SECRET_BYTES];
        int port = parts.get(secret).getChar();
        byte[] address = new byte[parts.get()];
        parts.get(address);
        InetSocketAddress zero = new InetSocketAddress(InetAddress.getByAddress(address), port);
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(zero, Math.toIntExact(limit.toMillis()));
            channel.write(
                    ByteBuffer.allocate(GREETING_BYTES).put(secret).putInt(rank).flip());
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new PeerLostException(
                    "a rank was lost: rank 0 at "
                            + Endpoint.text(zero.getAddress().getHostAddress(), port)
                            + " doesn't answer (" + e.getMessage()
                            + "): see whether its process is alive, and whether a firewall lets others connect to it",
                    e);
        }
    }

    /** Stops listening; connections stay. */
    @Override
    public void close() throws IOException {
        listener.close();
    }
}
