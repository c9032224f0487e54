namespace OrleansRooms.Samples.Chat;

/// <summary>Why the chat cannot start, in a sentence for the person who started it.</summary>
internal sealed class ChatStartException(string message) : Exception(message);
