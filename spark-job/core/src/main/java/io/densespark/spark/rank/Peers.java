package io.densespark.spark.rank;

import io.densespark.model.collective.PortRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The ranks of a stage and where they are, for messages.
 *
 * @param hosts of the ranks, as Spark names them
 * @param addresses of the ranks, as each announced its own
 */
record Peers(List<String> hosts, List<String> addresses) {
    /** Of the rendezvous, and of those on which the others say that they live. */
    private static final int PORTS_OF_RANK_ZERO = 2;

    /** An address with a port, an IPv6 one in brackets, an IPv4 one with or without. */
    private static final Pattern ADDRESS =
            Pattern.compile("\\[([0-9a-fA-F]*:[0-9a-fA-F:.]*)\\]:\\d|(?<![\\d.])(\\d{1,3}(?:\\.\\d{1,3}){3})\\]?:\\d");

    Peers {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
    }

    /** Why the ranks can't connect to each other by these addresses, if that is known. Every rank finds the same. */
    Optional<String> conflict() {
        return IntStream.range(1, hosts.size())
                .filter(rank -> isIpv6(rank) != isIpv6(0))
                .mapToObj(rank -> "host " + hosts.get(0) + " has the address " + addresses.get(0) + ", host "
                        + hosts.get(rank) + " " + addresses.get(rank)
                        + ": replicas connect by IPv4 or by IPv6, not by both; set SPARK_LOCAL_IP on each host to an "
                        + "address of the same kind")
                .findFirst();
    }

    /** Which host has more replicas than ports in the range, if one has. Every rank finds the same. */
    Optional<String> tooFew(PortRange ports) {
        return addresses.stream()
                .distinct()
                .filter(address -> portsAt(address) > ports.size())
                .map(address -> "host " + hosts.get(addresses.indexOf(address)) + " needs " + portsAt(address)
                        + " ports, one of each of its replicas"
                        + (isOfRankZero(address) ? " and two of rank 0's" : "")
                        + ", and setting port-range " + ports + " has " + ports.size() + ": make it wider")
                .findFirst();
    }

    private int portsAt(String address) {
        return Collections.frequency(addresses, address) + (isOfRankZero(address) ? PORTS_OF_RANK_ZERO : 0);
    }

    private boolean isOfRankZero(String address) {
        return address.equals(addresses.get(0));
    }

    private boolean isIpv6(int rank) {
        return addresses.get(rank).contains(":");
    }

    /** All ranks but one: {@code node-2 10.0.0.2 (rank 1), node-3 10.0.0.3 (ranks 2, 3)}. */
    String describeWithout(int rank) {
        Map<String, List<Integer>> ranks = new LinkedHashMap<>();
        for (int other = 0; other < hosts.size(); other++) {
            if (other != rank) {
                String host = hosts.get(other);
                String address = addresses.get(other);
                ranks.computeIfAbsent(host.equals(address) ? host : host + " " + address, key -> new ArrayList<>())
                        .add(other);
            }
        }
        return ranks.entrySet().stream()
                .map(host -> host.getKey() + " " + describe(host.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** A message, with the host and the ranks of the first peer whose address it names: {@code … [10.0.0.2]:4711 …}. */
    String named(String message) {
        Matcher matcher = ADDRESS.matcher(message);
        while (matcher.find()) {
            String address = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            List<Integer> there = IntStream.range(0, addresses.size())
                    .filter(rank -> isSame(addresses.get(rank), address))
                    .boxed()
                    .toList();
            if (!there.isEmpty()) {
                return message + "; " + address + " is host " + hosts.get(there.get(0)) + " " + describe(there);
            }
        }
        return message;
    }

    /** An IPv6 address has several spellings. Neither is looked up: both are numbers. */
    private static boolean isSame(String address, String other) {
        try {
            return InetAddress.getByName(address).equals(InetAddress.getByName(other));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String describe(List<Integer> ranks) {
        String numbers = ranks.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return (ranks.size() == 1 ? "(rank " : "(ranks ") + numbers + ")";
    }
}
