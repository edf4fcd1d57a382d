package io.densespark.spark;

import io.densespark.data.files.Causes;
import io.densespark.data.files.Obstacle;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.login.LoginException;
import javax.security.sasl.SaslException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.KerberosAuthException;
import org.apache.hadoop.util.VersionInfo;
import org.ietf.jgss.GSSException;

/** What went wrong with a file system, in words for users; they stand alone, or after the place that was meant. */
final class FileSystemMessage {
    /** Packages of file systems that Hadoop knows by name and ships apart, and the jars that have them. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            "org.apache.hadoop.fs.s3a.", "hadoop-aws",
            "org.apache.hadoop.fs.azure", "hadoop-azure",
            "org.apache.hadoop.fs.adl.", "hadoop-azure-datalake",
            "org.apache.hadoop.fs.aliyun.", "hadoop-aliyun",
            "org.apache.hadoop.fs.cosn.", "hadoop-cos");

    /** Libraries of these file systems, which come with their jars by --packages and not by --jars. */
    private static final Map<String, String> LIBRARIES =
            Map.of("com/amazonaws/", "hadoop-aws", "software/amazon/awssdk/", "hadoop-aws");

    private static final Pattern SCHEME =
            Pattern.compile("No (?:Abstract)?FileSystem (?:for|configured for) scheme[: ]*\"?([^\" ]*)");
    private static final Pattern CLASS = Pattern.compile("[Cc]lass (\\S+) not found|^(\\S+)$");
    private static final Pattern CALL = Pattern.compile("Call From .* to (\\S+) failed");
    private static final Pattern KERBEROS =
            Pattern.compile("Kerberos|GSS|TGT|SIMPLE authentication is not enabled|cannot authenticate via");

    private FileSystemMessage() {}

    /** The words for the first error of the chain that is known; empty if none is. */
    static Optional<String> find(Throwable error) {
        return Causes.of(error)
                .map(cause -> cause instanceof RemoteException remote ? remote.unwrapRemoteException() : cause)
                .map(FileSystemMessage::of)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> of(Throwable error) {
        String reason = Obstacle.reason(error);
        if (isKerberos(error, reason)) {
            return Optional.of("the file system wants Kerberos, and there is no valid ticket (" + reason
                    + "): run kinit, or give --principal and --keytab");
        }
        if (error instanceof AccessControlException || error instanceof AccessDeniedException) {
            return Optional.of("permission denied (" + reason + "): check the owner of the folder and your user");
        }
        if (error instanceof UnknownHostException) {
            return Optional.of("the host is unknown (" + reason
                    + "): check the name; a path on the default file system has three slashes, as hdfs:///user/me/x");
        }
        if (error instanceof ConnectException
                || error instanceof NoRouteToHostException
                || error instanceof SocketTimeoutException) {
            return Optional.of(unreachable(reason) + ": check host and port, and that the service runs");
        }
        if (Obstacle.of(error) == Obstacle.FULL) {
            return Optional.of("there is no room left (" + reason + "): make some, or name another place");
        }
        if (error instanceof UnsupportedFileSystemException) {
            return Optional.of(unsupported(reason));
        }
        if (error instanceof ClassNotFoundException) {
            return artifact(group(CLASS, reason), ARTIFACTS);
        }
        return error instanceof NoClassDefFoundError ? artifact(reason, LIBRARIES) : Optional.empty();
    }

    private static boolean isKerberos(Throwable error, String reason) {
        return error instanceof KerberosAuthException
                || error instanceof LoginException
                || error instanceof GSSException
                || error instanceof SaslException
                || (error instanceof IOException && KERBEROS.matcher(reason).find());
    }

    private static String unreachable(String reason) {
        String address = group(CALL, reason);
        return address.isEmpty() ? "it can't be reached (" + reason + ")" : "nothing answers at " + address;
    }

    private static String unsupported(String reason) {
        String scheme = group(SCHEME, reason);
        return switch (scheme) {
            case "s3", "s3n" ->
                "there is no file system " + scheme + " here: write s3a:// and " + packages("hadoop-aws");
            case "gs" ->
                "there is no file system gs here: add Google's connector, "
                        + "--packages com.google.cloud.bigdataoss:gcs-connector:VERSION";
            default ->
                "there is no file system " + scheme
                        + " here: write hdfs://, s3a:// or file://, or add the jar that has " + "it by --packages";
        };
    }

    private static Optional<String> artifact(String name, Map<String, String> artifacts) {
        return artifacts.entrySet().stream()
                .filter(entry -> name.startsWith(entry.getKey()))
                .findFirst()
                .map(entry -> "its file system isn't in this Spark: " + packages(entry.getValue()));
    }

    private static String packages(String artifact) {
        return "give --packages org.apache.hadoop:" + artifact + ":" + VersionInfo.getVersion();
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return "";
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return "";
    }
}
