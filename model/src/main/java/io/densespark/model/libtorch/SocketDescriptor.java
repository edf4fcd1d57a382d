package io.densespark.model.libtorch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the file descriptor of a listening socket of this process by Linux's /proc, without opening the JDK's private
 * fields: port to inode in {@code /proc/self/net/tcp}, inode to descriptor in {@code /proc/self/fd}.
 */
final class SocketDescriptor {
    private static final String LISTENING = "0A";

    private SocketDescriptor() {}

    static int ofListener(int port) throws IOException {
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.trim().split("\\s+", -1);
                if (columns[3].equals(LISTENING) && portOf(columns[1]) == port) {
                    Optional<Integer> descriptor = descriptorOf("socket:[" + columns[9] + "]");
                    if (descriptor.isPresent()) {
                        return descriptor.get();
                    }
                }
            }
        }
        throw new IOException("no descriptor found for the listener on port " + port);
    }

    private static int portOf(String hexAddress) {
        return Integer.parseInt(hexAddress.substring(hexAddress.lastIndexOf(':') + 1), 16);
    }

    private static Optional<Integer> descriptorOf(String socket) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : open) {
                if (targetOf(link).equals(socket)) {
                    return Optional.of(Integer.parseInt(link.getFileName().toString()));
                }
            }
        }
        return Optional.empty();
    }

    private static String targetOf(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Another thread closed it since the folder was listed.
            return "";
        }
    }
}
