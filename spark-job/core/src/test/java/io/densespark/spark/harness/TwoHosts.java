package io.densespark.spark.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Two hosts of one network, as Linux's network namespaces: nothing else can reach them. It takes root and {@code ip}. Closing
 * them, when all that runs on them has ended, removes them.
 */
public final class TwoHosts implements AutoCloseable {
    private static final String NOBODY = "02:00:00:00:00:99";

    private final Host near;
    private final Host far;

    private record Host(String namespace, String device, ClusterHost host) {
        static Host of(String name, String address) {
            String namespace = "ds-" + ProcessHandle.current().pid() + "-" + name;
            return new Host(
                    namespace, "ds-" + name, new ClusterHost(address, List.of("ip", "netns", "exec", namespace)));
        }

        void ip(String... arguments) {
            List<String> command = new ArrayList<>(host.prefix());
            command.add("ip");
            command.addAll(List.of(arguments));
            require(command);
        }
    }

    private TwoHosts(Host near, Host far) {
        this.near = near;
        this.far = far;
    }

    /** Whether this user may make them here. */
    public static boolean arePossible() {
        try {
            make().close();
            return true;
        } catch (IllegalStateException | UncheckedIOException e) {
            return false;
        }
    }

    /**
     * Makes them.
     *
     * @throws IllegalStateException with what {@code ip} said
     */
    public static TwoHosts make() {
        TwoHosts hosts = new TwoHosts(Host.of("near", "10.77.0.1"), Host.of("far", "10.77.0.2"));
        try {
            for (Host each : List.of(hosts.near, hosts.far)) {
                require(List.of("ip", "netns", "add", each.namespace));
                each.ip("link", "set", "lo", "up");
            }
            Host far = hosts.far;
            hosts.near.ip("link", "add", "ds-near", "type", "veth", "peer", "name", far.device, "netns", far.namespace);
            for (Host each : List.of(hosts.near, far)) {
                each.ip("address", "add", each.host.address() + "/24", "dev", each.device);
                each.ip("link", "set", each.device, "up");
            }
            return hosts;
        } catch (RuntimeException e) {
            hosts.close();
            throw e;
        }
    }

    public ClusterHost near() {
        return near.host;
    }

    public ClusterHost far() {
        return far.host;
    }

    /** From now on what one sends to the other goes to nobody: connections stay open, and nothing is heard of again. */
    public void losePackets() {
        loseTo(near, far);
        loseTo(far, near);
    }

    private static void loseTo(Host from, Host to) {
        from.ip("neigh", "replace", to.host.address(), "lladdr", NOBODY, "dev", from.device, "nud", "permanent");
    }

    /** Devices go with their namespaces. */
    @Override
    public void close() {
        for (Host each : List.of(near, far)) {
            run(List.of("ip", "netns", "delete", each.namespace));
        }
    }

    private static void require(List<String> command) {
        String failure = run(command);
        if (!failure.isEmpty()) {
            throw new IllegalStateException(String.join(" ", command) + ": " + failure);
        }
    }

    /** What went wrong; empty if nothing did. */
    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            return status == 0 ? "" : status + " " + output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
