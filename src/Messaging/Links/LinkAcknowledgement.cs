namespace OrleansRooms.Messaging.Links;

/// <summary>What a receiver tells the publisher of a link.</summary>
/// <param name="UpTo">Everything up to this number has arrived.</param>
/// <param name="SendAgain">Whether what follows has to be sent again, because some of it is missing.</param>
internal readonly record struct LinkAcknowledgement(long UpTo, bool SendAgain);
