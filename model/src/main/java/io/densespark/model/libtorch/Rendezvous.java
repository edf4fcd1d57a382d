package io.densespark.model.libtorch;

import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerLostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.UUID;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.IntOptional;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * Where the ranks of a job find each other: a c10d key-value store that rank 0 serves. Owns the store; whoever opened it
 * closes it, after the process group.
 *
 * <p>The store doesn't authenticate its peers. It listens on one address only, and its keys lie under a random prefix
 * which travels with {@link #address()}; keep the port inside the cluster all the same.
 */
public final class Rendezvous implements AutoCloseable {
    private final String address;
    private final TCPStore store;
    private final PrefixStore keys;

    private Rendezvous(String address, TCPStore store, PrefixStore keys) {
        this.address = address;
        this.store = store;
        this.keys = keys;
    }

    /**
     * Serves a store on the endpoint's address, at the first port of its range that is free.
     *
     * @throws UncheckedIOException if this machine has no such address, or no port of the range is free
     */
    public static Rendezvous serve(Endpoint endpoint) {
        LibTorch.load();
        try {
            // Left to itself the store would listen on every interface. It takes over the descriptor of this socket and
            // closes it, so the channel object must stay open, or it would close a descriptor that others have by then.
            InetSocketAddress own = (InetSocketAddress) endpoint.listen().getLocalAddress();
            int descriptor = SocketDescriptor.ofListener(own.getPort());
            String prefix = UUID.randomUUID().toString();
            return open(own.getAddress().getHostAddress(), own.getPort(), prefix, descriptor, endpoint.timeout());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * Opens the store that another rank serves.
     *
     * @param address what its {@link #address()} gave
     * @param connectTimeout how long it may take to answer; that nobody listens is known at once
     * @param timeout how long to wait for what the others put into the store
     * @throws PeerLostException if nobody answers
     */
    public static Rendezvous connect(String address, Duration connectTimeout, Duration timeout) {
        LibTorch.load();
        int prefixAt = address.lastIndexOf('/');
        int portAt = address.lastIndexOf(':', prefixAt);
        String host = address.substring(0, portAt);
        int port = Integer.parseInt(address.substring(portAt + 1, prefixAt));
        requireAnswer(host, port, connectTimeout);
        return open(host, port, address.substring(prefixAt + 1), -1, timeout);
    }

    /** The store's own client knocks until its timeout, also where it is refused, and doesn't say which it was. */
    private static void requireAnswer(String host, int port, Duration limit) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(limit.toMillis()));
        } catch (SocketTimeoutException e) {
            throw noAnswer(
                    host,
                    port,
                    "no answer within " + limit.toSeconds() + " s: its host is gone, or a firewall drops what goes to "
                            + "that port: open the port, or listen in a range of ports that is open",
                    e);
        } catch (IOException e) {
            throw noAnswer(
                    host,
                    port,
                    e.getMessage()
                            + ": rank 0's process is gone, or a firewall rejects the port: open it, or listen in a "
                            + "range of ports that is open",
                    e);
        }
    }

    private static PeerLostException noAnswer(String host, int port, String why, Exception cause) {
        return new PeerLostException("no rendezvous with rank 0 at " + Endpoint.text(host, port) + ": " + why, cause);
    }

    private static Rendezvous open(String host, int port, String prefix, int descriptor, Duration timeout) {
        try (PointerScope scope = new PointerScope()) {
            TCPStoreOptions options = new TCPStoreOptions();
            // The option is a C++ uint16_t, which JavaCPP shows as short.
            options.port((short) port);
            options.waitWorkers(false);
            options.isServer(descriptor >= 0);
            options.timeout(new Milliseconds(timeout.toMillis()));
            if (descriptor >= 0) {
                options.masterListenFd(new IntOptional(descriptor));
            }
            TCPStore store = new TCPStore(host, options);
            PrefixStore keys = new PrefixStore(prefix, store);
            store.retainReference();
            keys.retainReference();
            return new Rendezvous(host + ":" + port + "/" + prefix, store, keys);
        } catch (RuntimeException e) {
            throw noAnswer(host, port, TensorStorage.firstLine(e), e);
        }
    }

    /** What the other ranks need for {@link #connect}; a secret of the job. */
    public String address() {
        return address;
    }

    PrefixStore keys() {
        return keys;
    }

    @Override
    public void close() {
        keys.close();
        store.close();
    }
}
