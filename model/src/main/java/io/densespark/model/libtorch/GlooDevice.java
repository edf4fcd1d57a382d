package io.densespark.model.libtorch;

import io.densespark.model.ModelException;
import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PortRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.gloo.Device;

/**
 * Gloo's listening socket: one for each rank, to which all its peers connect.
 *
 * <p>Gloo binds it to an address, with port 0: the kernel chooses, and neither c10d's nor Gloo's interface takes a port
 * (both forms of its {@code attr}, by host name and by interface, overwrite the socket address with one whose port is 0).
 * Where a range is asked for, devices are opened until one's port lies in it. Linux gives a socket like Gloo's, which
 * allows its port to be used again, an odd port of the lower half of {@code net.ipv4.ip_local_port_range} while one is
 * free: at random, so a range of 100 ports there is met about once in 140 times, each some milliseconds. Of a range that has too few of these ports nothing is tried.
 */
final class GlooDevice {
    private static final Path KERNELS_CHOICE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    /** Devices that can be opened in the time there is, on a machine that is busy. */
    private static final int TRIES = 500;

    /** In Gloo's addresses, which begin with a {@code sockaddr}. */
    private static final int PORT_AT = 2;

    /** The file and line with which Gloo's messages begin. */
    private static final Pattern SOURCE = Pattern.compile("^\\[[^\\]]*\\.(cc|h):\\d+\\] ");

    /** An address in Gloo's messages. */
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F.:]+\\]):(\\d{1,5})\\b");

    private GlooDevice() {}

    /**
     * Opens a device that listens on a port of the endpoint's range. The scope in which it is made frees it.
     *
     * @throws UncheckedIOException if none is met within half of the time to connect: the peers wait meanwhile
     */
    static Device listen(Endpoint endpoint) {
        Duration limit = endpoint.connectTimeout().dividedBy(2);
        long start = System.nanoTime();
        int tries = 0;
        do {
            tries++;
            Device device = ProcessGroupGloo.createDeviceForHostname(endpoint.address());
            if (endpoint.ports().isAny() || endpoint.ports().contains(port(device))) {
                return device;
            }
            device.close();
        } while (System.nanoTime() - start < limit.toNanos());
        throw new UncheckedIOException(new BindException("none of " + tries + " ports that the system gave Gloo on "
                + endpoint.address() + " within " + limit.toSeconds() + " s lies in "
                + endpoint.ports() + ": take a wider range, in the lower half of " + kernelsChoice()
                + ", or let net.ipv4.ip_local_port_range be that range"));
    }

    /** The port on which a device listens, taken from the address that it would tell a peer. */
    static int port(Device device) {
        try (PointerScope scope = new PointerScope()) {
            ByteVector address =
                    device.createContext(0, 1).createPair(0)._address().bytes();
            byte[] port = {address.get(PORT_AT), address.get(PORT_AT + 1)};
            return Short.toUnsignedInt(ByteBuffer.wrap(port).getShort());
        }
    }

    /** The ports from which the kernel chooses. */
    static PortRange kernelsChoice() {
        try {
            // Such a file gives all in one read or loses the rest, and a file of size 0 is read by single bytes
            // otherwise.
            String[] ends = Files.readAllLines(KERNELS_CHOICE).get(0).trim().split("\\s+", -1);
            return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws ModelException if the kernel gives so few ports of that range that none would be met in time */
    static void requireMet(PortRange ports, PortRange kernelsChoice) {
        PortRange given = lowerHalf(kernelsChoice);
        int common = Math.min(ports.last(), given.last()) - Math.max(ports.first(), given.first()) + 1;
        if ((long) common * TRIES < given.size()) {
            throw new ModelException("Gloo listens on a port of the system's choice, here one of " + given
                    + ", of which the ports " + ports + " have " + Math.max(0, common) + ": take at least "
                    + (given.size() / TRIES + 1) + " of these, better a hundred or more, or set the sysctl "
                    + "net.ipv4.ip_local_port_range of each machine or container to the range");
        }
    }

    /** The ports among which Linux looks first, and finds one unless all are taken. */
    private static PortRange lowerHalf(PortRange choice) {
        return choice.size() < 4 ? choice : new PortRange(choice.first(), choice.first() + choice.size() / 4 * 2 - 1);
    }

    /** Gloo's message without its place in the source, and with ports as they are: it prints their bytes exchanged. */
    static String readable(String message) {
        return ADDRESS.matcher(SOURCE.matcher(message).replaceFirst("")).replaceAll(GlooDevice::truePort);
    }

    private static String truePort(MatchResult address) {
        int printed = Integer.parseInt(address.group(2));
        return address.group(1) + ":" + Short.toUnsignedInt(Short.reverseBytes((short) printed));
    }
}
