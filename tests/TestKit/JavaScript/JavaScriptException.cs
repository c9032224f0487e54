namespace OrleansRooms.TestKit.JavaScript;

/// <summary>What the JavaScript side threw, for example <c>operation has timed out</c> when an ack does not come.</summary>
public sealed class JavaScriptException(string message) : Exception(message);
