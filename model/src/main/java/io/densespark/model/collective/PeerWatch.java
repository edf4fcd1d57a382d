package io.densespark.model.collective;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Knows which rank is gone, which one is frozen, and which one others wait for, where sums say nothing: between GPUs of one
 * machine nobody notices that a process has ended, and a process that is stopped, or whose network is down, closes nothing.
 *
 * <p>Each rank has a connection to rank 0. One that closes is a lost rank, which rank 0 tells the others at once. Some
 * times a second each rank tells rank 0 how far it is, and rank 0 tells the others who is least far. A thread of its own
 * does all of that; it never waits for a peer.
 */
public final class PeerWatch implements AutoCloseable {
    /** In a message, for a lost rank. */
    private static final int NOBODY = -1;

    /** The lost rank or {@link #NOBODY}, 1 if that one is late and not gone, a rank, and how far this one is. */
    private static final int MESSAGE_BYTES = 3 * Integer.BYTES + Long.BYTES;

    private static final long INTERVAL_MILLIS = 250;
    private static final long INTERVAL_NANOS = INTERVAL_MILLIS * 1_000_000;

    /** A rank from which nothing has come for that long is frozen, or its network is down. */
    private static final long SILENCE_NANOS = 8 * INTERVAL_NANOS;

    private final int rank;
    private final Selector selector;
    private final List<Peer> peers = new ArrayList<>();
    private final AtomicLong calls = new AtomicLong();
    private volatile @Nullable Loss lost;

    private PeerWatch(int rank, Selector selector) {
        this.rank = rank;
        this.selector = selector;
    }

    /**
     * @param connections to all others on rank 0, to rank 0 on the others, by rank; this object closes them
     * @throws IOException if the system gives no selector
     */
    static PeerWatch start(int rank, Map<Integer, SocketChannel> connections) throws IOException {
        PeerWatch watch = new PeerWatch(rank, Selector.open());
        for (Map.Entry<Integer, SocketChannel> connection : connections.entrySet()) {
            Peer peer = new Peer(connection.getKey(), connection.getValue());
            peer.channel.configureBlocking(false);
            peer.channel.register(watch.selector, SelectionKey.OP_READ, peer);
            watch.peers.add(peer);
        }
        Thread thread = new Thread(watch::run, "peer-watch-" + rank);
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /** A rank on which no other can count any more. */
    private record Loss(int rank, boolean isLate) {
        String sentence() {
            return "rank " + rank
                    + (isLate
                            ? " didn't come to a sum in time, as another rank has found"
                            : " has left the group, or its process has ended");
        }
    }

    /** A rank for which this one waits, and why that may be. */
    private record Suspect(int rank, String sentence) {}

    /** How many calls of its group a rank has made. */
    private record Progress(int rank, long calls) {}

    /** The other end of a connection. Only the thread of the watch changes it. */
    private static final class Peer {
        private final int rank;
        private final SocketChannel channel;
        private final ByteBuffer incoming = ByteBuffer.allocate(MESSAGE_BYTES);
        private volatile Progress told;
        private volatile long heardAt = System.nanoTime();

        Peer(int rank, SocketChannel channel) {
            this.rank = rank;
            this.channel = channel;
            told = new Progress(rank, 0);
        }

        boolean isSilent() {
            return System.nanoTime() - heardAt > SILENCE_NANOS;
        }
    }

    /**
     * Connects all ranks to rank 0, and watches from then on; all call it together.
     *
     * @param control tells the other ranks where rank 0 is
     * @param endpoint where rank 0 listens meanwhile
     * @param cancelled asked by rank 0 while it waits for the others
     * @throws PeerLostException if a rank doesn't come in time
     * @throws UncheckedIOException if no port of the endpoint's range could be had
     */
    public static PeerWatch meet(ProcessGroup control, Endpoint endpoint, BooleanSupplier cancelled) {
        try {
            if (control.rank() > 0) {
                byte[] invitation = tell(control, new byte[PeerConnections.INVITATION_BYTES]);
                return start(
                        control.rank(),
                        Map.of(0, PeerConnections.connect(invitation, control.rank(), endpoint.connectTimeout())));
            }
            try (PeerConnections connections = PeerConnections.listen(endpoint)) {
                tell(control, connections.invitation());
                return start(0, connections.accept(control.worldSize(), endpoint.connectTimeout(), cancelled));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Rank 0's message, on all ranks: the others give zeros. */
    public static byte[] tell(ProcessGroup control, byte[] message) {
        double[] values = new double[message.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = message[i];
        }
        double[] sums = control.sum(values);
        byte[] told = new byte[message.length];
        for (int i = 0; i < told.length; i++) {
            told[i] = (byte) sums[i];
        }
        return told;
    }

    /** This rank makes its next call. */
    public void enter() {
        calls.incrementAndGet();
    }

    /** Which rank was lost first, and how, as a sentence; empty if none is. */
    public Optional<String> lost() {
        return Optional.ofNullable(lost).map(Loss::sentence);
    }

    /** Which rank another rank, or this one, has given up, as a sentence; empty if none is, or it has left by itself. */
    public Optional<String> givenUp() {
        return Optional.ofNullable(lost).filter(Loss::isLate).map(Loss::sentence);
    }

    /**
     * Which rank has been silent for longer than that, as a sentence. It is given up: the others are told when this watch is
     * closed.
     */
    public Optional<String> frozen(Duration limit) {
        Optional<Peer> silent = peers.stream()
                .filter(peer -> System.nanoTime() - peer.heardAt > limit.toNanos())
                .findFirst();
        silent.ifPresent(peer -> lose(new Loss(peer.rank, true)));
        return silent.map(peer -> "rank " + peer.rank + " has been silent for " + limit.toSeconds()
                + " s: its process is frozen, or its host unreachable");
    }

    /** Which rank keeps this one waiting, as a sentence. */
    public String culprit() {
        return suspect()
                .map(Suspect::sentence)
                .orElse("all ranks have come to this sum, which doesn't end: see the network between their GPUs");
    }

    /** Waits no longer for that rank; the others are told when this watch is closed. */
    public void giveUp() {
        suspect().ifPresent(suspect -> lose(new Loss(suspect.rank(), true)));
    }

    private Optional<Suspect> suspect() {
        long own = calls.get();
        Optional<Peer> silent = peers.stream().filter(Peer::isSilent).findFirst();
        Optional<Peer> behind = peers.stream()
                .filter(peer -> peer.told.calls() < own)
                .min(Comparator.comparingLong(peer -> peer.told.calls()));
        // What rank 0 told about others before it fell silent itself is old.
        if (behind.isPresent()
                && (rank == 0 || silent.isEmpty())
                && !behind.get().isSilent()) {
            int late = behind.get().told.rank();
            return Optional.of(new Suspect(late, "rank " + late + " hasn't come to this sum"));
        }
        return (behind.isPresent() ? behind : silent)
                .filter(Peer::isSilent)
                .map(peer -> new Suspect(
                        peer.rank, "rank " + peer.rank + " is silent: its process is frozen, or its host unreachable"));
    }

    private void run() {
        try {
            long toldAt = System.nanoTime() - INTERVAL_NANOS;
            while (selector.isOpen()) {
                Loss before = lost;
                selector.select(key -> receive((Peer) key.attachment()), INTERVAL_MILLIS);
                if (!Objects.equals(lost, before) || System.nanoTime() - toldAt >= INTERVAL_NANOS) {
                    tell();
                    toldAt = System.nanoTime();
                }
            }
        } catch (ClosedSelectorException | IOException e) {
            // Closed, or without the system's help: then only the sums' own time limit shows a lost rank.
        }
    }

    private void receive(Peer peer) {
        try {
            int read = peer.channel.read(peer.incoming);
            if (read < 0) {
                lose(peer);
            } else if (!peer.incoming.hasRemaining()) {
                peer.incoming.flip();
                int told = peer.incoming.getInt();
                boolean isLate = peer.incoming.getInt() > 0;
                peer.told = new Progress(peer.incoming.getInt(), peer.incoming.getLong());
                peer.heardAt = System.nanoTime();
                peer.incoming.clear();
                if (told != NOBODY) {
                    lose(new Loss(told, isLate));
                }
            }
        } catch (IOException e) {
            lose(peer);
        }
    }

    private void tell() {
        Progress own = new Progress(rank, calls.get());
        Progress progress = rank > 0
                ? own
                : Stream.concat(Stream.of(own), peers.stream().map(peer -> peer.told))
                        .min(Comparator.comparingLong(Progress::calls))
                        .orElse(own);
        Loss loss = lost;
        for (Peer peer : peers) {
            ByteBuffer message = ByteBuffer.allocate(MESSAGE_BYTES)
                    .putInt(loss == null ? NOBODY : loss.rank())
                    .putInt(loss != null && loss.isLate() ? 1 : 0)
                    .putInt(progress.rank())
                    .putLong(progress.calls())
                    .flip();
            try {
                if (peer.channel.isOpen()) {
                    peer.channel.write(message);
                    if (message.hasRemaining()) {
                        // It has read nothing for hours, and half a message can't be followed by another.
                        lose(peer);
                    }
                }
            } catch (IOException e) {
                lose(peer);
            }
        }
    }

    private void lose(Peer peer) {
        lose(new Loss(peer.rank, false));
        close(peer);
    }

    private synchronized void lose(Loss loss) {
        if (lost == null) {
            lost = loss;
        }
    }

    private static void close(Peer peer) {
        try {
            peer.channel.close();
        } catch (IOException e) {
            // It is given up in any case.
        }
    }

    /** Leaves; the others see this rank as lost. */
    @Override
    public void close() {
        // That a rank is lost may have been seen and not been told yet.
        tell();
        try {
            selector.close();
        } catch (IOException e) {
            // The channels are what the peers see.
        }
        peers.forEach(PeerWatch::close);
    }
}
