package io.densespark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.DataException;
import io.densespark.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserMessageTest {
    /** As file systems throw them, and what of that users are to read. */
    static Stream<Arguments> errorsOfFileSystems() {
        String aws = "--packages org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion();
        UnknownHostException host = new UnknownHostException("user");
        return Stream.of(
                Arguments.of(new IllegalArgumentException(host.toString(), host), "the host is unknown (user)"),
                Arguments.of(
                        new ConnectException("Call From me/127.0.1.1 to nn:9820 failed on connection exception: "
                                + "java.net.ConnectException: Connection refused; For more details see:  http://wiki"),
                        "nothing answers at nn:9820"),
                Arguments.of(new ConnectException("Connection refused"), "can't be reached (Connection refused)"),
                Arguments.of(new NoRouteToHostException("No route to host"), "check host and port"),
                Arguments.of(
                        new SocketTimeoutException("Call From me/127.0.1.1 to 10.1.1.1:8020 failed on socket timeout"),
                        "nothing answers at 10.1.1.1:8020"),
                Arguments.of(
                        new AccessControlException("Permission denied: user=me, access=WRITE, inode=\"/\"\n\tat org."),
                        "permission denied (Permission denied: user=me, access=WRITE, inode=\"/\")"),
                Arguments.of(
                        new AccessDeniedException("/root/x"), "permission denied (AccessDeniedException: /root/x)"),
                Arguments.of(
                        new RemoteException(AccessControlException.class.getName(), "Permission denied: user=me"),
                        "permission denied (Permission denied: user=me)"),
                Arguments.of(
                        new RuntimeException(
                                new ClassNotFoundException("Class org.apache.hadoop.fs.s3a.S3AFileSystem not found")),
                        aws),
                Arguments.of(
                        new RuntimeException(new ClassNotFoundException(
                                "Class org.apache.hadoop.fs.azurebfs.SecureAzureBlobFileSystem not found")),
                        "org.apache.hadoop:hadoop-azure:"),
                Arguments.of(new NoClassDefFoundError("com/amazonaws/AmazonClientException"), aws),
                Arguments.of(
                        new UnsupportedFileSystemException("No FileSystem for scheme \"s3\""),
                        "write s3a:// and give " + aws),
                Arguments.of(new UnsupportedFileSystemException("No FileSystem for scheme \"gs\""), "gcs-connector"),
                Arguments.of(
                        new UnsupportedFileSystemException("No FileSystem for scheme \"hfds\""),
                        "there is no file system hfds here: write hdfs://, s3a://"),
                Arguments.of(
                        new AccessControlException(
                                "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]"),
                        "run kinit, or give --principal and --keytab"),
                Arguments.of(
                        new IOException(
                                "DestHost:destPort nn:8020 , LocalHost:localPort me/10.0.0.1:0. Failed on local "
                                        + "exception: java.io.IOException: org.apache.hadoop.security.AccessControlException: "
                                        + "Client cannot authenticate via:[TOKEN, KERBEROS]"),
                        "run kinit"));
    }

    @ParameterizedTest
    @MethodSource("errorsOfFileSystems")
    void aFileSystemsErrorIsOneLineWithARemedyHoweverDeepItLies(Throwable error, String words) {
        JobException wrongPlace = UserMessage.wrongPlace("--data", "hdfs://user/me/x", error);
        assertThat(wrongPlace)
                .hasMessageStartingWith("--data hdfs://user/me/x: ")
                .hasMessageContaining(words)
                .hasCause(error);
        assertThat(wrongPlace.getMessage()).hasLineCount(1);

        Throwable deep = new UncheckedIOException(new IOException(new ExecutionException(error)));
        assertThat(UserMessage.isForUsers(deep)).isTrue();
        assertThat(UserMessage.of(deep)).contains(words).hasLineCount(1);
    }

    @Test
    void aPlaceThatFailsForAnyOtherReasonIsNamedWithIt() {
        assertThat(UserMessage.wrongPlace("--save", "x:", new IllegalArgumentException("Expected a part\nat index 2")))
                .hasMessage("--save x:: it can't be used (Expected a part): give a path or a URI, such as "
                        + "hdfs:///user/me/x or file:///home/me/x");
        assertThat(UserMessage.wrongPlace("--save", "x", new NullPointerException()))
                .hasMessageContaining("(NullPointerException)");
    }

    @Test
    void whatTheModelAndTheDataSayIsForUsersAsItIs() {
        assertThat(UserMessage.of(new JobException("one"))).isEqualTo("one");
        assertThat(UserMessage.of(new ModelException("two"))).isEqualTo("two");
        assertThat(UserMessage.of(new DataException("three"))).isEqualTo("three");
        assertThat(UserMessage.of(new JobException("of two\n  lines"))).isEqualTo("of two lines");
    }

    @Test
    void whatNobodyForesawKeepsItsPlace() {
        IllegalStateException error = new IllegalStateException("a bug", new IOException("disk"));

        assertThat(UserMessage.isForUsers(error)).isFalse();
        assertThat(UserMessage.of(error))
                .startsWith("java.lang.IllegalStateException: a bug at io.densespark.spark.UserMessageTest.");
        assertThat(UserMessage.isForUsers(new ClassNotFoundException("io.densespark.Missing")))
                .isFalse();
    }

    @Test
    void anErrorThatIsItsOwnCauseIsLookedAtOnce() {
        Exception inner = new Exception("inner");
        Exception outer = new Exception("outer", inner);
        inner.initCause(outer);

        assertThat(UserMessage.isForUsers(outer)).isFalse();
    }

    static Stream<Arguments> errorsOfSparksStart() {
        return Stream.of(
                Arguments.of(
                        new SparkException("The number of cores per executor (=1) has to be >= the number of cpus per "
                                + "task = 2.\nmore"),
                        "The number of cores per executor (=1) has to be >= the number of cpus per task = 2."),
                Arguments.of(
                        new BindException("Address already in use: Service 'sparkDriver'"), "Service 'sparkDriver'"),
                Arguments.of(
                        new IllegalArgumentException("Illegal value for config key spark.task.cpus"),
                        "spark.task.cpus"),
                Arguments.of(new ClassNotFoundException("foo.Bar"), "there is no class foo.Bar"));
    }

    @ParameterizedTest
    @MethodSource("errorsOfSparksStart")
    void whatKeepsSparkFromStartingIsOneLine(Throwable error, String words) {
        assertThat(UserMessage.sparkDoesNotStart("yarn", error)).hasValueSatisfying(message -> {
            assertThat(message)
                    .hasMessageStartingWith("Spark can't start with its settings (")
                    .hasMessageContaining(words);
            assertThat(message.getMessage()).hasLineCount(1);
        });
    }

    @Test
    void aBugWhileSparkStartsIsNotBlamedOnTheUser() {
        assertThat(UserMessage.sparkDoesNotStart("yarn", new NullPointerException()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "requirement failed: Can only call getServletHandlers on a running MetricsSystem",
                "Cannot call methods on a stopped SparkContext."
            })
    void aContextThatWasStoppedWhileItWasMadeNamesTheMaster(String text) {
        assertThat(UserMessage.sparkDoesNotStart("spark://there:7077", new IllegalStateException(text)))
                .hasValueSatisfying(message -> assertThat(message)
                        .hasMessageContaining(
                                "its master spark://there:7077 can't be reached, or has removed this job"));
    }
}
