package io.densespark.spark.rank;

import io.densespark.spark.JobException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Chooses the address on which a rank listens and by which the others reach it. A name is resolved where it belongs, and
 * its address goes round: some machines know their own name as a loopback address only (Debian's {@code /etc/hosts} gives
 * it 127.0.1.1), which leads every other machine to itself.
 */
final class RankAddress {
    private RankAddress() {}

    /**
     * Chooses this machine's address: where ranks of other hosts are to come in the one in Spark's environment, the one of
     * its name, or the one on the way to the others, whichever is the first that isn't a loopback or link-local one.
     *
     * @param host the name by which Spark knows this machine
     * @param others the other names of hosts, if the ranks have several
     * @throws JobException if the others can't reach any
     */
    static String choose(String host, List<String> others, Machine machine) {
        if (others.stream().allMatch(other -> isHere(other, machine))) {
            return machine.resolve(host).stream()
                    .filter(machine::owns)
                    .findFirst()
                    .map(RankAddress::text)
                    .orElseGet(() -> InetAddress.getLoopbackAddress().getHostAddress());
        }
        Stream<InetAddress> configured = machine.configured().stream().flatMap(name -> machine.resolve(name).stream());
        Stream<InetAddress> named = machine.resolve(host).stream();
        Stream<InetAddress> routed = others.stream()
                .flatMap(other -> machine.resolve(other).stream())
                .filter(RankAddress::leadsElsewhere)
                .flatMap(address -> machine.routeTo(address).stream());
        return Stream.of(configured, named, routed)
                .flatMap(addresses -> addresses)
                .filter(RankAddress::leadsElsewhere)
                .filter(machine::owns)
                .findFirst()
                .map(RankAddress::text)
                .orElseThrow(() -> unreachable(host, others, machine));
    }

    /** Whether the name is another one of this machine. */
    private static boolean isHere(String host, Machine machine) {
        List<InetAddress> addresses = machine.resolve(host);
        return !addresses.isEmpty() && addresses.stream().allMatch(machine::owns);
    }

    private static boolean leadsElsewhere(InetAddress address) {
        return !address.isLoopbackAddress() && !address.isAnyLocalAddress() && !address.isLinkLocalAddress();
    }

    private static JobException unreachable(String host, List<String> others, Machine machine) {
        List<String> addresses =
                machine.resolve(host).stream().map(RankAddress::text).toList();
        return new JobException(
                "host " + host + " knows itself as " + (addresses.isEmpty() ? "no address" : addresses)
                        + " and finds no address of its own on the way to " + others
                        + ", so their replicas can't reach it: give " + host
                        + " its network address in its /etc/hosts, or set SPARK_LOCAL_IP to it in the environment of Spark there");
    }

    /** Without the name of an interface, which means nothing elsewhere. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int interfaceAt = text.indexOf('%');
        return interfaceAt < 0 ? text : text.substring(0, interfaceAt);
    }
}
