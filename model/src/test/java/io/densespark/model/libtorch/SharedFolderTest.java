package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.replica.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are told to unpack libtorch into one folder. */
@Tag("slow")
class SharedFolderTest {
    private static final int PROCESSES = 3;
    private static final String LOADED = "libtorch is loaded";

    @TempDir
    private Path folder;

    @Test
    void processesThatStartTogetherUnpackOnceAndAllLoad() throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(start());
            }
            for (Process process : processes) {
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor()).as(output).isZero();
                assertThat(output).contains(LOADED);
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private Process start() throws IOException {
        return JavaProcess.start(
                SharedFolderTest.class,
                List.of(
                        "-Xmx256m",
                        "-Dorg.bytedeco.javacpp.cachedir=" + folder,
                        // Where the virtual machine would leave its report of a crash.
                        "-XX:ErrorFile=" + folder.resolve("crash-%p.log")));
    }

    /** One of the processes. */
    public static void main(String[] arguments) {
        LibTorch.open().close();
        System.out.println(LOADED);
    }
}
