package io.densespark.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes the wheel: {@code WheelMain PACKAGE-FOLDER LICENSE VERSION OUTPUT}. */
final class WheelMain {
    private WheelMain() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Wheel wheel = new Wheel(folder.getFileName().toString(), arguments[2]);
        for (Path source : sources(folder)) {
            wheel.add(folder.getFileName() + "/" + source.getFileName(), Files.readAllBytes(source));
        }
        wheel.addLicense(Files.readAllBytes(Path.of(arguments[1])));
        Files.write(Path.of(arguments[3]), wheel.bytes());
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".py")).toList();
        }
    }
}
