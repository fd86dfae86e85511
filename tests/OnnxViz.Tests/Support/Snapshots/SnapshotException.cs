namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>A snapshot is new or differs; the message lists all of the test.</summary>
public sealed class SnapshotException(string message) : Exception(message);
