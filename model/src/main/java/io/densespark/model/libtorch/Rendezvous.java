package io.densespark.model.libtorch;

import io.densespark.model.collective.PeerLostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
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
     * Serves a store on a free port of {@code host}'s address.
     *
     * @throws UncheckedIOException if this machine has no such address
     */
    public static Rendezvous serve(String host, Duration timeout) {
        LibTorch.load();
        try {
            // Left to itself the store would listen on every interface. It takes over the descriptor of this socket and
            // closes it, so the channel object must stay open, or it would close a descriptor that others have by then.
            InetAddress listen = InetAddress.getByName(host);
            ServerSocketChannel channel = ServerSocketChannel.open(
                    listen.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            channel.bind(new InetSocketAddress(listen, 0));
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            int descriptor = SocketDescriptor.ofListener(port);
            String prefix = UUID.randomUUID().toString();
            return open(listen.getHostAddress(), port, prefix, descriptor, timeout);
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen on " + host, e);
        }
    }

    /**
     * Opens the store that another rank serves.
     *
     * @param address what its {@link #address()} gave
     * @throws PeerLostException if it doesn't answer within {@code timeout}
     */
    public static Rendezvous connect(String address, Duration timeout) {
        LibTorch.load();
        int prefixAt = address.lastIndexOf('/');
        int portAt = address.lastIndexOf(':', prefixAt);
        String host = address.substring(0, portAt);
        int port = Integer.parseInt(address.substring(portAt + 1, prefixAt));
        return open(host, port, address.substring(prefixAt + 1), -1, timeout);
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
            throw new PeerLostException("no rendezvous at " + host + ":" + port + ": " + TensorStorage.firstLine(e), e);
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
